"""Store: goods, orders and money."""

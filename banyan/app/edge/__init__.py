"""The edge of the house: what stands between the network and the packages' routes."""

"""The edge: http, live streams, the work process, the command line. The only place that knows all."""

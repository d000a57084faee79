"""Where is it: one port, the engines behind it, and the benchmark that compares them."""

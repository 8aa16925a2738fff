"""The command line, one module per subcommand: parse, call, show, exit."""

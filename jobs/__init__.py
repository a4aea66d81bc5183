"""What a shell or a scheduler runs: the command line. Jobs compose what the other rooms offer; they do not compute."""

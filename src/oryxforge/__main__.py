"""`python -m oryxforge`."""

from oryxforge.cli.main import main

if __name__ == "__main__":
    main()

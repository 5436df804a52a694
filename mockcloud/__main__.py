"""`python -m mockcloud`."""

from mockcloud.cli import main

if __name__ == "__main__":
    main()

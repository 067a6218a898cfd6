"""What every test may use: empty bases on both back ends."""

pytest_plugins = ["tests.bases"]

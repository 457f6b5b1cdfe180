"""What `manage.py seed_demo` and `seed_volume` write. Everybody and everything here is invented (R-TST-02)."""

"""What people of an account ask for, and how they sign in."""

"""What the tests share: a cloud on moto, event builders, seeds."""

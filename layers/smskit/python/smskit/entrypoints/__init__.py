"""What an event can be, a module a function: routes put together, frames, batches, timers, streams."""

"""What every capability stands on: ids, times, tables, cursors, timers, batches and logs."""

"""An endpoint's outage: probes, the line that waits, its end or the endpoint's suspension."""

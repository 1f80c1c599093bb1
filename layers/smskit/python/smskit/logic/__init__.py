"""What the product does; knows neither AWS nor HTTP."""

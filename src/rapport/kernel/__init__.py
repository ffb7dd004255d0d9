"""What every package stands on; knows neither customers nor desks."""

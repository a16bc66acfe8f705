"""What an instance costs on AWS in a month: unit prices, usage, and the sum of them."""

"""The domain of referrals: pure data and rules, no input or output."""

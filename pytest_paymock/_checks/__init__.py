"""What a test has to answer for at its end, and what the guards find."""

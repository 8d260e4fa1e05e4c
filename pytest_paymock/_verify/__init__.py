"""Whether a server keeps the contract of the Payment Mock API, told rule by rule."""

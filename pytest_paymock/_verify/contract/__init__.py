"""The rules of the contract as data, a file for each part of it."""

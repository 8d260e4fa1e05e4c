"""The parts of the contract suite that hold for every profile, run under this one."""

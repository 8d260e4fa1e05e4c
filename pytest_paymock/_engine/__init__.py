"""The payments themselves: cards, clock, ids, outcomes, records and the engine that owns them.

Standard library only and no HTTP: the engine could stand behind any protocol.
"""

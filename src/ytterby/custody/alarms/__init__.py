"""Alarms: what in the events cannot be, or is hardly chance, each with its evidence and how often it errs.

A detector is one file here that ends in ``DETECTOR = Detector(...)`` and is found by being there.
"""

"""Benchmarks against a running instance: the figures of ``tests/load``, printed beside their targets."""

"""Tests of portal.proposals."""

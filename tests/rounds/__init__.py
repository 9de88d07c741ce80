"""Tests of portal.rounds."""

"""What is fast and how we know: `make bench`, or `python -m benchmarks --help`.

A row is a page (benchmarks/rows.py). Each is asked for by eight connections at once, on each database and in
each size of town, three times; the median is printed beside a bare Flask "hello" that ran under the same
server in between. What counts is CPU milliseconds per request (portal plus database): requests per second
depend on the machine's mood.
"""

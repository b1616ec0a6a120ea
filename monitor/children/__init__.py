"""Child processes that answer questions and can be ended: for work that may take too long or too much.

A thread cannot be stopped; a process can. A question is a small JSON value and a body, an answer a row of JSON values.
On the wire each is a frame: its length in four bytes, then its bytes. An empty frame ends an answer.

pool      several children of one kind, and the questions that wait for them
process   one child, on the parent's side
serving   the child's side, which imports next to nothing
"""

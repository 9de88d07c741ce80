"""What people do in groups. Every operation takes the actor, checks before it writes, and never commits."""

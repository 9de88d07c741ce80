"""What the portal must hold against everybody: who may do what, hostile inputs, measured pitfalls."""

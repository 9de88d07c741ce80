"""Questions of administrators. None of them reads what people wrote for others."""

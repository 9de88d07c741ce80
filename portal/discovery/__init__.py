"""The home page, search over everything public, and the sitemap."""

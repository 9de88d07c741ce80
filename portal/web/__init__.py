"""The HTTP half: rendering, access, forms, errors, headers, locale, server."""

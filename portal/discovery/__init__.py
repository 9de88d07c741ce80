"""Ways into the portal: the home page, search over everything public, the sitemap.

It owns nothing. What it shows belongs to the packages below, which say what may be seen; here it is only put
side by side. Neighbours: proposals, places, content.
"""

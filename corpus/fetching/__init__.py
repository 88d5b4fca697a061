"""Reading addresses of the web as one reads hostile input: every step checked, everything bounded.

links (what may be asked for) → robots and pace (whether and when) → addresses (who answers) → wire (asking) →
unpacking (what came) → client (``Fetcher``, the only way in). Not handled: scripts, sign-in, cookies, proxies.
"""

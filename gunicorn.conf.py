"""Server settings: one process with several threads is enough for a city's planning department."""

import os

bind = os.environ.get("BIND", "127.0.0.1:8000")
workers = int(os.environ.get("WORKERS", "1"))
threads = int(os.environ.get("THREADS", "4"))
# Reading a large delivery may take a while; the browser waits for it.
timeout = 120
# Whether the visitor came by TLS is for the application to judge (setting PROXY), never for the server.
forwarded_allow_ips = ""
# Nobody steers the server from outside.
control_socket_disable = True
# No access log: who reads which page when is not recorded.
accesslog = None

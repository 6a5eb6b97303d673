"""The HTTP endpoint and the page: `app.create_app` makes the application.

FastAPI is imported under this folder only, so that the command line starts without it.
"""

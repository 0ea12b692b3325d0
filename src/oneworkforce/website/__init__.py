"""The site: settings, addresses, middleware, layout, static build, health, serving."""

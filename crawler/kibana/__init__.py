"""Kibana's saved objects as code: data views, saved searches, a map and four dashboards."""

from crawler.kibana.dashboards import saved_objects

__all__ = ["saved_objects"]

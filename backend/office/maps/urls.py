"""The addresses of: the estate on maps and plans, and trends."""

from django.urls import URLPattern, path

from backend.office.maps import ground, picture_acts, picture_views, reading_views, trend_views, views
from backend.office.views.csv_out import downloads

urlpatterns: list[URLPattern] = [
    path("map/", views.map_page, name="map"),
    *downloads("map", views.map_csv),
    path("trends/", trend_views.trends_page, name="trends"),
    *downloads("trends", trend_views.trends_csv),
    path("trends/readings/", reading_views.readings_page, name="readings"),
    *downloads("trends/readings", reading_views.readings_csv, name="readings"),
    path("sites/<uuid:id>/plan/", ground.site_plan, name="site-plan"),
    path("sites/<uuid:id>/place/", views.position, name="site-place"),
    path("sites/<uuid:id>/floor-plans/add/", picture_acts.plan_add, name="floor-plan-add"),
    path("sites/<uuid:id>/emergency/", picture_views.emergency, name="emergency-sheet"),
    path("floor-plans/<uuid:id>/", picture_views.plan_page, name="floor-plan"),
    path("floor-plans/<uuid:id>/picture/<int:number>/<slug:size>/", picture_views.picture, name="floor-plan-picture"),
    path("floor-plans/<uuid:id>/change/", picture_acts.plan_change, name="floor-plan-change"),
    path("floor-plans/<uuid:id>/remove/", picture_acts.plan_remove, name="floor-plan-remove"),
    path("floor-plans/<uuid:id>/restore/", picture_acts.plan_restore, name="floor-plan-restore"),
    path("floor-plans/<uuid:id>/versions/<int:number>/", picture_acts.plan_version, name="floor-plan-version"),
    path("floor-plans/<uuid:id>/pins/add/", picture_acts.pin_add, name="pin-add"),
    path("floor-plans/pins/<uuid:id>/", picture_acts.pin_page, name="pin"),
    path("floor-plans/pins/<uuid:id>/remove/", picture_acts.pin_off, name="pin-off"),
    path("floor-plans/pins/<uuid:id>/restore/", picture_acts.pin_back, name="pin-back"),
]

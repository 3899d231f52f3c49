"""The phone's addresses, under /api/v1/field/."""

from django.urls import path

from backend.sync.api import devices, files, ops, pull

urlpatterns = [
    path("sign-in", devices.SignIn.as_view(), name="field-sign-in"),
    path("sign-out", devices.SignOut.as_view(), name="field-sign-out"),
    path("devices", devices.Devices.as_view(), name="field-devices"),
    path("ops", ops.Ops.as_view(), name="field-ops"),
    path("files/have", files.Have.as_view(), name="field-files-have"),
    path("files/<str:sha256>", files.Arriving.as_view(), name="field-file"),
    path("me", pull.Me.as_view(), name="field-me"),
    path("sites/<uuid:id>/forms", pull.Forms.as_view(), name="field-forms"),
    path("sites/<uuid:id>/register", pull.Register.as_view(), name="field-register"),
    path("sites/<uuid:id>/due", pull.Due.as_view(), name="field-due"),
]

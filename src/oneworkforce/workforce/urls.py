"""Addresses of the workforce room."""

from django.urls import path

from oneworkforce.workforce.views import context, filling, picture, returns, standing

urlpatterns = [
    path("", picture.picture, name="picture"),
    path("download/<str:ending>/", picture.download, name="picture_download"),
    path("missing/", picture.missing, name="picture_missing"),
    path("real-context/", context.real_context, name="real_context"),
    path("about/", context.about_data, name="about_data"),
    path("returns/", returns.return_list, name="returns"),
    path("returns/send/", returns.send, name="return_send"),
    path("returns/nil/", returns.nil, name="return_nil"),
    path("returns/fill/", filling.choose, name="return_fill"),
    path("returns/fill/<str:code>/<str:month>/", filling.fill, name="return_fill_month"),
    path("returns/calendar/", standing.calendar, name="return_calendar"),
    path("returns/calendar/remind/", standing.remind, name="return_remind"),
    path("returns/calendar/owes/", standing.owes, name="return_owes"),
    path("returns/senders/<str:code>/", standing.senders, name="return_senders"),
    path("returns/senders/<str:code>/end/", standing.end_sending, name="return_end_sending"),
    path("returns/<uuid:reference>/", returns.one_return, name="return"),
    path("returns/<uuid:reference>/accept/", returns.accept, name="return_accept"),
    path("returns/<uuid:reference>/send-back/", returns.send_back, name="return_send_back"),
    path("returns/<uuid:reference>/withdraw/", returns.withdraw, name="return_withdraw"),
    path("returns/<uuid:reference>/check/", returns.check_again, name="return_check"),
    path("returns/<uuid:reference>/columns/", returns.columns, name="return_columns"),
    path("returns/<uuid:reference>/<str:what>.download", returns.download, name="return_download"),
    path("formats/", standing.formats, name="formats"),
    path("formats/<str:format>/", standing.one_format, name="format"),
    path("formats/<str:format>/template.<str:ending>", standing.template, name="format_template"),
    path("unmapped/", standing.unmapped, name="unmapped"),
    path("unmapped/<int:number>/", standing.resolve, name="unmapped_resolve"),
]

from django.urls.resolvers import URLPattern

app_name = "surveys"
urlpatterns: list[URLPattern] = []

app_name = "callback"

urlpatterns = []

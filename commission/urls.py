app_name = "commission"

urlpatterns = []

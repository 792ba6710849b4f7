from allauth.account.auth_backends import AuthenticationBackend


class Anmeldung(AuthenticationBackend):
    """Login by e-mail address.

    Model permissions open the administration pages only; everything else asks a named right. So people
    who may not enter the administration are never looked up in the permission tables.
    """

    def has_perm(self, user_obj, perm, obj=None):
        return user_obj.is_staff and super().has_perm(user_obj, perm, obj)

    def has_module_perms(self, user_obj, app_label):
        return user_obj.is_staff and super().has_module_perms(user_obj, app_label)

"""What tests of LOTI's help look at."""


def signed_in(browser):
    return bool(browser.get("/").select('form[action="/sign-out"]'))


def stage(session, table, id):
    session.rollback()
    session.expire_all()
    return session.get_one(table, id).stage

"""Store what agents chose for what they alone see, each for themselves."""

from storage.engine import Store


def test_the_last_choice_of_each_agent_is_kept(store: Store) -> None:
    with store.unit_of_work() as uow:
        assert uow.preferences.blur_abuse("U0SAM") is None
        uow.preferences.save_blur_abuse("U0SAM", blurs=True)
        uow.preferences.save_blur_abuse("U0MIA", blurs=False)
    with store.unit_of_work() as uow:
        assert (uow.preferences.blur_abuse("U0SAM"), uow.preferences.blur_abuse("U0MIA")) == (True, False)
        uow.preferences.save_blur_abuse("U0SAM", blurs=False)
        assert (uow.preferences.blur_abuse("U0SAM"), uow.preferences.blur_abuse("U0KAI")) == (False, None)

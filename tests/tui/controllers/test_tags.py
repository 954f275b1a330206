"""Tags without an app."""

from __future__ import annotations

from paperreader.tui.controllers.papers.marks import MarksController
from paperreader.tui.controllers.papers.tags import TagsController
from paperreader.tui.controllers.results import ResultsController
from paperreader.tui.dialogs.tag_picker import TagPicker


async def test_the_picker_stays_with_the_papers_it_was_opened_for(ctx, monkeypatch):
    reloads = []
    marks = MarksController(ctx, ResultsController(ctx))
    tags = TagsController(ctx, marks)
    row = ctx.current_row
    tags.open_picker()
    ctx.widgets.paper_list.move_by(1)

    def reload(picker):
        reloads.append(picker)

    monkeypatch.setattr(TagPicker, "reload", reload)
    ctx.ui.dialogs[-1]._set_tag("rl", True)
    assert len(reloads) == 1
    assert ctx.library.mark(row).tag_names == ("rl",)
    assert not ctx.library.mark(ctx.current_row).tag_names
    await ctx.tasks.wait()


async def test_an_empty_list_opens_no_picker(ctx):
    ctx.widgets.paper_list.rows = ()
    TagsController(ctx, MarksController(ctx, ResultsController(ctx))).open_picker()
    assert ctx.ui.dialogs == []

"""What changes texts, pictures, pages and reports of barriers."""

from portal.content.operations.barriers import (
    answer_barrier_report,
    forget_barrier_contacts,
    path_of_page,
    report_barrier,
)
from portal.content.operations.pages import (
    publish_page,
)
from portal.content.operations.pictures import (
    add_picture,
    attach_picture,
    describe_picture,
    erase_files,
    forget_uploader,
    order_pictures,
    remove_picture,
    remove_pictures_of,
    sweep_pictures,
)
from portal.content.operations.texts import (
    checked_text,
    checked_words,
    drop_text_versions,
    forget_author,
    request_plain_language,
    request_text_version,
    save_text_version,
    source_changed,
)
from portal.content.operations.videos import (
    Place,
    forget_video_sender,
    remove_video,
    remove_video_of,
    save_video,
    sweep_videos,
)

__all__ = [
    "Place",
    "add_picture",
    "answer_barrier_report",
    "attach_picture",
    "checked_text",
    "checked_words",
    "describe_picture",
    "drop_text_versions",
    "erase_files",
    "forget_author",
    "forget_barrier_contacts",
    "forget_uploader",
    "forget_video_sender",
    "order_pictures",
    "path_of_page",
    "publish_page",
    "remove_picture",
    "remove_pictures_of",
    "remove_video",
    "remove_video_of",
    "report_barrier",
    "request_plain_language",
    "request_text_version",
    "save_text_version",
    "save_video",
    "source_changed",
    "sweep_pictures",
    "sweep_videos",
]

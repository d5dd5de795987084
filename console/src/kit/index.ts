/** The kit: what pages are made of. */

export { type Announcement, Announcements, announce, clearAnnouncements } from './announcements.js';
export { Button, ButtonLink, type ButtonTone, IconButton } from './button.js';
export { Confirm, Dialog } from './dialog.js';
export { Choice, Select, TextArea, TextField } from './field.js';
export { Form, type Values } from './form.js';
export { Icon, type IconName } from './icon.js';
export { FaultNotice, Notice, type Tone } from './notice.js';
export { Card, type Column, EmptyState, Facts, More, PageHeader, Section, Table } from './page.js';
export { type Tab, Tabs } from './tabs.js';
export { absolute, Badge, relative, Serial, Time } from './text.js';
export { Skeleton, Spinner } from './waiting.js';

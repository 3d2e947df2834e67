// Every panel registers its element.
import './topbar';
import './runs';
import './layers';
import './indoor';
import './sides';
import './card';
import './storeys';
import './legend';
import './wall';
import './notice';
import './condition';
import './health';
import './comparison';
import './alarms';
import './timeline';
